# Build:  docker build --tag coachbot .
# Run:    see compose.yaml, and docs/operating.md
# Nothing is written but to /var/lib/coachbot (only with SQLite) and /tmp, so the root may be
# read-only. What is installed, and how it is checked, stands in deploy/install.sh.

FROM python:3.13.9-slim-bookworm AS build
WORKDIR /source
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY deploy/install.sh deploy/healthcheck.py deploy/
COPY storage storage
COPY bot bot
RUN deploy/install.sh /opt/coachbot

FROM python:3.13.9-slim-bookworm
RUN groupadd --system --gid 10001 coachbot \
    && useradd --system --uid 10001 --gid coachbot --home-dir /var/lib/coachbot \
        --create-home --shell /usr/sbin/nologin coachbot
COPY --from=build /opt/coachbot /opt/coachbot
# Inside a container only the container's own network reaches 0.0.0.0; what is published decides.
ENV PATH=/opt/coachbot/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/var/lib/coachbot \
    XDG_DATA_HOME=/var/lib \
    COACHBOT_API_HOST=0.0.0.0 \
    COACHBOT_LOG_FORMAT=json
USER 10001:10001
WORKDIR /var/lib/coachbot
VOLUME /var/lib/coachbot
EXPOSE 8081
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-I", "/opt/coachbot/healthcheck.py"]
ENTRYPOINT ["coachbot"]
CMD ["run"]
