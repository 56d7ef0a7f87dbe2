"""First steps of a deployment: the database, the business from the settings, and log-ins with their roles."""

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from django.utils.translation import get_language

from wakeel import clock
from wakeel.config import Config
from wakeel.domain.audit import looks_like_an_id
from wakeel.domain.ids import BusinessId
from wakeel.domain.roles import Role
from wakeel.domain.words import Text
from wakeel.store import businesses, logins, roles, schema


class BadLogin(Exception):
    """This name or this password cannot be. problems say why; field: `username` or `password`."""

    def __init__(self, problems: list[str], *, field: str = "password") -> None:
        self.problems, self.field = problems, field
        super().__init__("; ".join(problems))


class PracticeMixed(Exception):
    """A database made by the demo is practice for ever; it never becomes live, and the reverse."""

    def __init__(self) -> None:
        super().__init__(
            "this database belongs to a practice business for ever: set WAKEEL_DATA_DIR or DATABASE_URL to another one"
        )


class DatabaseTooOld(Exception):
    """Made before the ledger was chained; what to do is in the message."""

    def __init__(self) -> None:
        super().__init__(
            "this database was made before the consent ledger was chained and cannot be carried over: "
            "set DATABASE_URL or WAKEEL_DATA_DIR to a new one and import again (the demo: delete the folder .demo)"
        )


def migrate(*, verbosity: int) -> None:
    """Bring the database up to this version. Raises DatabaseTooOld before anything is changed."""
    if schema.is_older_than_the_chain():
        raise DatabaseTooOld
    call_command("migrate", interactive=False, verbosity=verbosity)


def ensure_business(config: Config) -> BusinessId:
    """The business of this deployment, made if there is none. Raises PracticeMixed."""
    business = businesses.ensure(
        name=config.business_name,
        phone_number_id=config.phone_number_id,
        waba_id=config.waba_id,
        display_phone=config.display_phone,
        practice=config.practice,
        now=clock.now(),
    )
    if business.practice and not config.practice:
        raise PracticeMixed
    return BusinessId(business.id)


def check_login(user: User, password: str) -> None:
    """Raises BadLogin: the password is too weak, or a new login has a name that nobody may have."""
    if user.pk is None and looks_like_an_id(user.username):
        raise BadLogin([_NOT_AN_ID.say(get_language() or "en")], field="username")
    field = "username"
    try:
        if user.pk is None:
            User.username_validator(user.username)
        field = "password"
        validate_password(password, user)
    except ValidationError as refused:
        raise BadLogin(list(refused.messages), field=field) from refused


_NOT_AN_ID = Text(
    "لا يكون اسم الدخول أرقامًا فقط ولا على شكل معرّف داخلي. اختر اسمًا فيه حروف.",
    "A user name is neither digits alone nor shaped like an internal id. Choose one with letters.",
)


def create_login(business_id: BusinessId, username: str, password: str, *, name: str, is_admin: bool) -> int:
    """A web account of this business, or a new password for it; returns the account's id.

    The first one is an operator and an administrator, each later one an operator; is_admin: an administrator too.
    Whoever has roles keeps them; their second factors go with the password that is forgotten, as whoever sits at the
    server could take them away anyway. Raises BadLogin.
    """
    user = User.objects.filter(username=username).first() or User(username=username)
    check_login(user, password)
    user.first_name = name[:150]
    user.set_password(password)
    with transaction.atomic():
        roles.lock(business_id)
        user.save()
        logins.drop_second_factors(user.pk)
        had = roles.of(business_id, user.pk)
        wanted = had or {Role.OPERATOR}
        if is_admin or not roles.has_anybody(business_id):
            wanted = wanted | {Role.ADMIN}
        roles.replace(business_id, user.pk, wanted, by="", now=clock.now())
    return user.pk
