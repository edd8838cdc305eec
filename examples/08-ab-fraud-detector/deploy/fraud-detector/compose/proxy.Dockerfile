FROM nginx:1.30.0
# Everybody in the image may read it, whatever its mode is in a checkout.
COPY --chmod=0644 ["nginx.conf", "/etc/nginx/nginx.conf"]
USER 10001:10001
EXPOSE 8080/tcp
EXPOSE 8081/tcp
# In order: it ends when all requests are answered.
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=5s --timeout=2s --retries=3 CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "--unix-socket", "/tmp/health.sock", "http://health/"]
ENTRYPOINT ["nginx", "-e", "stderr", "-c", "/etc/nginx/nginx.conf"]
