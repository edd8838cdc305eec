class One:
    pass


class Two:
    pass


class Three:
    pass


class Four:
    pass


class Five:
    pass
