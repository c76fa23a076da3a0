# One image: `muster serve` answers requests, `muster work` does what time asks for.
FROM python:3.13-slim AS build
WORKDIR /src
COPY . .
RUN python run.py setup \
 && .venv/bin/uv build -q --wheel --no-build-isolation --python .venv/bin/python --out-dir dist \
 && python -m venv /opt/muster \
 && .venv/bin/uv pip sync -q --compile-bytecode --python /opt/muster/bin/python --require-hashes requirements/prod.lock \
 && .venv/bin/uv pip install -q --compile-bytecode --python /opt/muster/bin/python --no-deps --no-index dist/*.whl

FROM python:3.13-slim
RUN useradd --system --home-dir /data muster && install -d -o muster /data
COPY --from=build /opt/muster /opt/muster
ENV PATH=/opt/muster/bin:$PATH MUSTER_DATA=/data PYTHONUNBUFFERED=1
USER muster
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["muster"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
