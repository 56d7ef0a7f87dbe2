"""How much of people's numbers somebody sees."""

from wakeel.domain.roles import Act
from wakeel.store.screens.people import Sight
from wakeel.store.screens.seat import Seat


def sight_of(seat: Seat) -> Sight:
    """Supervisors every number, operators those of the people they have an opportunity with, nobody else any."""
    sees = seat.may(Act.SEE_PHONES)
    return Sight(viewer=seat.operator_id if sees else None, sees_all=sees and seat.may(Act.REASSIGN))
