"""The Celery application and the whole timetable. Tasks only nudge: truth is in tables, a lost message loses nothing."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("registry")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "seal": {"task": "integrity.seal", "schedule": 10.0},
    "watch": {"task": "integrity.tell_watchers", "schedule": 30.0},
    "send": {"task": "integrity.send", "schedule": 15.0},
    "imports": {"task": "integrity.sweep_imports", "schedule": 10.0},
    "exports": {"task": "integrity.make_exports", "schedule": 10.0},
    "outbox": {"task": "integrity.deliver_messages", "schedule": 30.0},
    "column": {"task": "sectors.push_notices", "schedule": 60.0},
    "heartbeat": {"task": "integrity.heartbeat", "schedule": 30.0},
    "verify": {"task": "integrity.verify", "schedule": crontab(hour=2, minute=30)},
    "clock": {"task": "integrity.clock", "schedule": crontab(hour="0,6", minute=5)},
    "pledges": {"task": "officials.publish_pledges", "schedule": 60.0},
    "pledge-day": {"task": "officials.pledge_day", "schedule": crontab(hour=7, minute=30)},
    "learning-day": {"task": "officials.learning_day", "schedule": crontab(hour=7, minute=40)},
    "matters": {"task": "integrity.watch_matters", "schedule": crontab(hour=7, minute=30)},
    "promises": {"task": "agencies.publish_promises", "schedule": 60.0},
    "promise-day": {"task": "agencies.promise_day", "schedule": crontab(hour=7, minute=40)},
    "cards": {"task": "agencies.send_cards", "schedule": crontab(hour=7, minute=45)},
    "calendar": {"task": "integrity.calendar_alarm", "schedule": crontab(hour=8, minute=0)},
}
for _entry in app.conf.beat_schedule.values():  # what was not done in time is asked for again anyway
    _entry["options"] = {"expires": 300}
