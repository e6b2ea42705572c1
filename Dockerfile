# The dashboard for many people, in a container; docs/hosting.md says how to run it. The steps are the README's own,
# and a test (tests/end_to_end/test_dockerfile.py) runs them in a clean environment.

FROM python:3.11-slim AS build

# PyPI's torch for Linux brings CUDA libraries of several gigabytes. This takes the one for processors, from the index
# of the PyTorch project; for a GPU: --build-arg TORCH_INDEX=https://pypi.org/simple
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu

WORKDIR /build
COPY pyproject.toml constraints.txt README.md LICENSE app.py ./
COPY .streamlit .streamlit
COPY config config
COPY llm_tt llm_tt
RUN python -m venv /opt/llm-tt
RUN /opt/llm-tt/bin/pip install --no-cache-dir --no-deps -c constraints.txt --index-url "$TORCH_INDEX" torch
RUN /opt/llm-tt/bin/pip install --no-cache-dir -c constraints.txt .

FROM python:3.11-slim

# Nobody special, and one place to write into: indexes of neurons, and models of the hub if the settings list some.
RUN useradd --uid 10001 --create-home --home-dir /data visitor
COPY --from=build /opt/llm-tt /opt/llm-tt
WORKDIR /srv/llm-tt
COPY config config
ENV HOME=/data PYTHONUNBUFFERED=1 HEALTH=http://localhost:8501/_stcore/health
USER visitor
VOLUME /data
EXPOSE 8501
HEALTHCHECK --start-period=60s --timeout=5s \
    CMD ["/opt/llm-tt/bin/python", "-c", "import os, urllib.request as ask; ask.urlopen(os.environ['HEALTH'], timeout=4)"]
CMD ["/opt/llm-tt/bin/llm-tt", "app", "--settings", "config/hosted.toml", "--no-browser", "--host", "0.0.0.0", "--port", "8501"]
