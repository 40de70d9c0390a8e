"""All settings of a node, read from the environment; `.env.example` explains each variable."""

import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import environ
from csp.constants import NONE, SELF

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

# ---- the node ----
DATA_DIR = Path(env("DATA_DIR", default=BASE_DIR / "var")).resolve()
DEMO = env.bool("DEMO", default=False)
NODE_NAME = env("NODE_NAME", default="demo-city")
NODE_LEVEL = env("NODE_LEVEL", default="CITY")  # TOWNSHIP, COUNTY, CITY, PROVINCE: what the receipts and pages say
SITE_HOST = env("SITE_HOST", default="localhost:8000")
SIGN_CA_FOLDER = env("SIGN_CA_FOLDER", default="")  # certificates and revocation lists of the CA behind level S
SIGN_HOST = env("SIGN_HOST", default="sign.localhost:8000")
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)  # how many proxies' X-Forwarded-For entries are believed
SITE_SCHEME = env("SITE_SCHEME", default="http" if "localhost" in SITE_HOST else "https")
SITE_NAME = env("SITE_NAME", default="日照市政务诚信公示平台")
SITE_ORGAN = env("SITE_ORGAN", default="日照市发展和改革委员会（演示）" if DEMO else "日照市发展和改革委员会")
CITY_AREA = env("CITY_AREA", default="371100")
UPSTREAM_URL = env("UPSTREAM_URL", default="")
UPSTREAM_KEY = env("UPSTREAM_KEY", default="")  # the upper node's receipt key (vkey line)
UPSTREAM_TOKEN = env("UPSTREAM_TOKEN", default="")
WITNESSES = [w.split() for w in env.list("WITNESSES", default=[])]  # "url vkey" of each, separated by commas
WITNESS_QUORUM = env.int("WITNESS_QUORUM", default=min(1, len(WITNESSES)))  # cosignatures a checkpoint needs
LOG_HASH = env("LOG_HASH", default="sha256")  # of commitments: sha256 or sm3; the tree itself is SHA-256 always
KEY_ALGORITHMS = {  # what new keys are made for: a256gcm or sm4gcm, hs256 or hsm3; old values stay readable
    "field": env("FIELD_CIPHER", default="a256gcm"),
    "index": env("INDEX_MAC", default="hs256"),
}
KEYS_DIR = Path(env("KEYS_DIR", default=DATA_DIR / "keys"))
SECRET_KEY = env("SECRET_KEY", default="")
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[h.split(":")[0] for h in (SITE_HOST, SIGN_HOST)] + ["127.0.0.1"])
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)  # how many proxies' X-Forwarded-For entries are believed
CSRF_TRUSTED_ORIGINS = [f"{SITE_SCHEME}://{SITE_HOST}"]
ADMINS = [("operators", address) for address in env.list("ADMIN_EMAILS", default=[])]

# ---- applications ----
INSTALLED_APPS = [
    "integrity",
    "officials",
    "agencies",
    "supervision",
    "sectors",
    "integrity.admin.apps.RegistryAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "integrity.portal.middleware.RequestLog",
    "officials.signing.host.SigningHost",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "integrity.portal.middleware.FreshPassword",
    "integrity.portal.middleware.CurrentSeat",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "integrity.portal.context.site",
            ],
            "builtins": ["integrity.portal.templatetags.registry"],
        },
    }
]

# ---- database: the application's role; manage.py swaps in the owner for migrations ----
DATABASES = {"default": env.db("DATABASE_URL", default="postgresql:///registry")}
_db = DATABASES["default"]
for _key in ("host", "port"):
    if _value := _db.get("OPTIONS", {}).pop(_key, None):
        _db[_key.upper()] = unquote(str(_value))
_db.setdefault("OPTIONS", {})["options"] = "-c timezone=Asia/Shanghai"
_db["CONN_MAX_AGE"] = 60
_db["CONN_HEALTH_CHECKS"] = True
DATABASE_OWNER_URL = env("DATABASE_OWNER_URL", default="")
DATABASE_APP_ROLE = urlsplit(env("DATABASE_APP_URL", default="")).username or _db.get("USER") or ""
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ---- queue and cache ----
REDIS_URL = env("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
    CACHES["counters"] = CACHES["default"]
    CELERY_BROKER_URL = REDIS_URL
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "integrity_cache"}}
    CACHES["counters"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}  # of each process for itself
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(DATA_DIR / "queue"),
        "data_folder_out": str(DATA_DIR / "queue"),
        "control_folder": str(DATA_DIR / "queue-control"),
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

# ---- people ----
AUTH_USER_MODEL = "integrity.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "integrity.portal.login.ClosedSignup"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = "localhost" in SITE_HOST
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "errors/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_SCHEME == "https"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "integrity.portal.errors.csrf_failure"

# ---- pages ----
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
DATE_FORMAT = "Y-m-d"
DATETIME_FORMAT = "Y-m-d H:i"
FORMAT_MODULE_PATH = ["config.formats"]
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=DATA_DIR / "static"))
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=DATA_DIR / "files"))
PUBLIC_LOG_DIR = Path(env("PUBLIC_LOG_DIR", default=DATA_DIR / "log"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if "pytest" in sys.modules
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
MAX_UPLOAD = 64 * 2**20  # bytes of one import file

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31536000 if SITE_SCHEME == "https" else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "script-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# ---- API ----
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "integrity.api.auth.BearerToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["integrity.api.render.Json"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["integrity.api.throttle.PublicThrottle", "integrity.api.throttle.TokenThrottle"],
    "DEFAULT_THROTTLE_RATES": {"public": "600/min", "token": "3000/min"},
    "EXCEPTION_HANDLER": "integrity.api.problems.handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "政务诚信信息接口",
    "DESCRIPTION": "政务诚信公示平台数据接口，见 docs/api.md。",
    "VERSION": "1",
    "OAS_VERSION": "3.0.3",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "POSTPROCESSING_HOOKS": ["integrity.api.schema.complete"],
}

# ---- mail, short messages, logs ----
EMAIL_BACKEND = env("EMAIL_BACKEND", default="django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_HOST = env("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", default="")
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="registry@localhost")
METRICS_FROM = env.list("METRICS_FROM", default=["127.0.0.0/8", "::1/128"])  # networks that may read /metrics
SMS_GATEWAY_URL = env("SMS_GATEWAY_URL", default="")
COLUMN_URL = env("COLUMN_URL", default="")  # where notices of public resource trading are pushed (task 16)
COLUMN_TOKEN = env("COLUMN_TOKEN", default="")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JsonLines"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["out"], "level": env("LOG_LEVEL", default="WARNING")},
}
