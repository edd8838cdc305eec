"""Properties here are about text, not about time: a busy machine must not fail them."""

from hypothesis import settings

settings.register_profile("emit", deadline=None)
settings.load_profile("emit")
