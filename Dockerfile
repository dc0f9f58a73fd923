# syntax=docker/dockerfile:1
# One agency in one container: clinic-audit behind a proxy that does TLS, everything it keeps in /data.
#
#   docker build -t clinic-audit .
#   docker run -d --read-only --tmpfs /tmp -p 127.0.0.1:8000:8000 -v clinic-audit:/data clinic-audit
#   docker run --rm -it -v clinic-audit:/data clinic-audit person add --help
#
# The wheels of the lock file suit x86-64; on other machines pysqlite3 has none, and the distribution's own
# SQLite must be new enough (clinic-audit says so and stops when it is not).

FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements.lock tests/tools/build.lock ./
RUN python -m venv /opt/clinic-audit \
    && /opt/clinic-audit/bin/pip install --no-cache-dir --require-hashes -r requirements.lock \
    && python -m venv /opt/build \
    && /opt/build/bin/pip install --no-cache-dir --require-hashes -r build.lock
COPY pyproject.toml README.md CHANGELOG.md LICENSE ./
COPY audit audit
COPY forms forms
COPY reports reports
COPY templates templates
RUN /opt/build/bin/python -m hatchling build -t wheel -d /tmp/wheel \
    && /opt/clinic-audit/bin/pip install --no-cache-dir --no-deps /tmp/wheel/*.whl

FROM python:3.13-slim
RUN useradd --system --uid 1000 --no-create-home --home-dir /data clinic-audit \
    && install -d -o clinic-audit -g clinic-audit -m 0700 /data
COPY --from=build /opt/clinic-audit /opt/clinic-audit
ENV CLINIC_AUDIT_DATA=/data \
    CLINIC_AUDIT_HOST=0.0.0.0 \
    CLINIC_AUDIT_BEHIND_PROXY=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER clinic-audit
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["/opt/clinic-audit/bin/python", "-c", \
    "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["/opt/clinic-audit/bin/clinic-audit"]
CMD ["serve"]
