arg variant=bookworm
from python:3.12-${variant} as base
env PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1
workdir /srv
copy requirements.txt .
run pip install -r requirements.txt
copy . .
user 1000:1000
cmd ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
