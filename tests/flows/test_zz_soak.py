import collections, sys
from tests.flows import test_stateful as t
from hypothesis import settings, HealthCheck
from hypothesis.stateful import run_state_machine_as_test
import pytest
C=collections.Counter()
class W(t.Walks):
    def teardown(self):
        for a in t.Attempt.objects.filter(outbox__audience="contact"): C["attempt "+a.outcome]+=1
        for m in t.OutboxMessage.objects.filter(audience="contact"): C["msg "+m.state+" "+m.hold_code]+=1
        for i in t.InboundMessage.objects.all(): C["in "+i.handled]+=1
        C["runs"]+=1
        super().teardown()
@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_x():
    try:
        run_state_machine_as_test(W, settings=settings(max_examples=int(__import__("os").environ.get("N","40")), stateful_step_count=40, derandomize=False, deadline=None, print_blob=True, database=None, suppress_health_check=list(HealthCheck)))
    finally:
        print("\n".join(f"{v:6} {k}" for k,v in sorted(C.items())))
