# syntax=docker/dockerfile:1.7
FROM python:3.13-slim AS base
ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    VIRTUAL_ENV=/opt/venv
ENV PATH="$VIRTUAL_ENV/bin:$PATH"

FROM base AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends gcc libpq-dev
RUN python -m venv $VIRTUAL_ENV
COPY requirements.txt .
RUN . $VIRTUAL_ENV/bin/activate
RUN --mount=type=cache,target=/root/.cache/pip \
    --mount=type=secret,id=pip_conf,target=/etc/pip.conf \
    pip install -r requirements.txt

FROM base
RUN apt-get update
RUN apt-get install -y --no-install-recommends libpq5
COPY --from=build $VIRTUAL_ENV $VIRTUAL_ENV
COPY src /app
WORKDIR app
HEALTHCHECK --interval=30s --timeout=3s CMD python -m shop.health || exit 1
ENTRYPOINT ["gunicorn", "shop:app"]
CMD ["--bind", "0.0.0.0:8000"]
