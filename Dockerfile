# Leadbell in a container: nothing but what requirements.lock names by hash, no root, no secret inside.
FROM python:3.12-slim AS packages
COPY requirements.lock .
RUN python -m venv /opt/leadbell && /opt/leadbell/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock

FROM python:3.12-slim
RUN useradd --create-home --home-dir /srv/leadbell --uid 10001 leadbell
COPY --from=packages /opt/leadbell /opt/leadbell
COPY bot /opt/leadbell/code/bot
COPY messages /opt/leadbell/code/messages
COPY slack-manifest.yaml leadbell.example.yaml /opt/leadbell/code/
ENV PATH=/opt/leadbell/bin:$PATH PYTHONPATH=/opt/leadbell/code PYTHONDONTWRITEBYTECODE=1 LEADBELL_HOST=0.0.0.0
RUN python -m compileall -q /opt/leadbell/code && install -d -o leadbell /srv/leadbell/data
USER leadbell
WORKDIR /srv/leadbell
VOLUME /srv/leadbell/data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=4s --start-period=20s \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ.get('LEADBELL_PORT', 8080)}/healthz\", timeout=3)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
