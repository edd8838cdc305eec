FROM {{ image }}
# Everybody in the image may read it, whatever its mode is in a checkout.
COPY --chmod=0644 {{ copy }}
USER {{ user }}
{% for port in ports %}
EXPOSE {{ port }}
{% endfor %}
# In order: it ends when all requests are answered.
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=5s --timeout=2s --retries=3 CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "--unix-socket", "/tmp/health.sock", "http://health/"]
ENTRYPOINT {{ entrypoint }}
