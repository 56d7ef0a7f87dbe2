"""First steps of a deployment: the database, the business from the settings, and log-ins with their roles."""

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction

from wakeel import clock
from wakeel.config import Config
from wakeel.domain.ids import BusinessId
from wakeel.domain.roles import Role
from wakeel.store import businesses, logins, roles, schema


class BadLogin(Exception):
    """The password is too weak; problems say why."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
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


def create_login(business_id: BusinessId, username: str, password: str, *, name: str, is_admin: bool) -> int:
    """A web account of this business, or a new password for it; returns the account's id.

    The first one is an operator and an administrator, each later one an operator; is_admin: an administrator too.
    Whoever has roles keeps them; their second factors go with the password that is forgotten, as whoever sits at the
    server could take them away anyway. Raises BadLogin for a password that is too weak.
    """
    user = User.objects.filter(username=username).first() or User(username=username)
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise BadLogin(list(weak.messages)) from weak
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
