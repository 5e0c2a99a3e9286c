# Stage one installs from the hash lock into a virtual environment; stage two carries only that.
# Python 3.11.16, the index of all platforms. How to renew it: docs/operations.md, Upgrade.
ARG PYTHON=python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b

FROM ${PYTHON} AS build
WORKDIR /src
RUN python -m venv /opt/chiso
COPY requirements.txt ./
RUN /opt/chiso/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements.txt
COPY pyproject.toml README.md ./
COPY app app
RUN /opt/chiso/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM ${PYTHON}
RUN useradd --system --uid 10001 --no-create-home chiso \
    && install --directory --owner chiso --group chiso /data
COPY --from=build /opt/chiso /opt/chiso
ENV PATH=/opt/chiso/bin:$PATH \
    PYTHONUNBUFFERED=1
# The SQLite file lives here, chiso.db of the working directory; with PostgreSQL set CHISO_DATABASE_URL.
VOLUME /data
WORKDIR /data
USER chiso
EXPOSE 8000
# Whether the process lives: one that waits for its database (/readyz) gains nothing by a restart. An outbound proxy in the environment must not be asked for our own port.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-c", \
    "from urllib.request import ProxyHandler, build_opener; build_opener(ProxyHandler({})).open('http://127.0.0.1:8000/livez', timeout=4)"]
CMD ["chiso", "serve", "--host", "0.0.0.0"]
