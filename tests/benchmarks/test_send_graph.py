"""The fake of POST /messages, seen by the product's own client."""

from benchmarks.send_graph import CUT, Graph, Posted, accepted, refused, serve, wamid_of
from wakeel.rehearsal.ports import free_port
from wakeel.whatsapp.client import Accepted, ApiOptions, CloudApi, NoAnswer, Refused


async def test_it_takes_refuses_or_loses_a_message_and_keeps_what_it_saw():
    def answer(posted: Posted) -> bytes:
        return {"+1": accepted(posted), "+2": refused(131056), "+3": CUT}[posted.to]

    graph, port = Graph(answer=answer, latency_s=0.001), free_port()
    server = await serve(graph, port)
    options = ApiOptions(f"http://127.0.0.1:{port}", "v26.0", "", allow_live_send=False)
    try:
        async with CloudApi(options) as api:
            found = [await api.send("1055", {"to": f"+{n}"}, attempt_id=f"att_{n}") for n in (1, 2, 3, 1)]
    finally:
        server.close()
    taken, no, silence, again = found
    assert isinstance(taken, Accepted)
    assert taken.wamid == wamid_of("att_1")
    assert isinstance(no, Refused)
    assert no.failure.code == 131056
    assert silence == NoAnswer("connection_lost")
    assert again == taken
    assert [one.attempt for one in graph.seen] == ["att_1", "att_2", "att_3", "att_1"]
