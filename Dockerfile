# One image for web, worker, beat and the preparing step; runs as a user without rights.
FROM python:3.13-slim
RUN useradd --uid 10001 --create-home registry && install -d -o registry -g registry /data /app
WORKDIR /app
COPY requirements/run.txt requirements/run.txt
RUN pip install --no-cache-dir --require-hashes --prefer-binary -r requirements/run.txt
COPY --chown=registry:registry . .
USER registry
ENV DATA_DIR=/data PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "4", "--threads", "4", "--timeout", "120", "--forwarded-allow-ips", "*"]
