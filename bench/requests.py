"""What each request costs: CPU of server and database together, as a multiple of hello."""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

import orjson

from app.community import writing_limits
from app.core.allowances import FREE_PART
from app.identity import passwords
from bench import community
from bench.client import Answer, Connection, Cost, cost, request
from bench.community import Person
from bench.results import Results

BODY = (
    "I read this twice and I wanted to say I hear you. The small hours are long when your head "
    "won't settle, and you got through this one. I put the radio on low, it keeps me company. "
    "Thinking of you today, come back and tell us how it went."
)


@dataclass(slots=True)
class Bench:
    """One server process on one database, and who asks."""

    url: str
    port: int
    server: int
    database: int
    people: list[Person]
    #: So many that nobody writes more than a person does: from the 61st reply in ten minutes on,
    #: each is counted in the database.
    writers: list[Person]
    threads: list[uuid.UUID]

    def gets(self, count: int, path: Callable[[int], str]) -> list[bytes]:
        """`count` reads, by the members in turn."""
        return [
            request("GET", path(n), self.port, cookie=self.people[n % len(self.people)].cookie)
            for n in range(count)
        ]

    def wall(self, count: int) -> list[bytes]:
        return self.gets(count, lambda _: "/api/v1/wall")

    def thread(self, count: int) -> list[bytes]:
        return self.gets(count, lambda n: f"/api/v1/threads/{self.threads[n % len(self.threads)]}")

    def replies(self, count: int, *, by: Sequence[Person] = ()) -> list[bytes]:
        people = by or self.writers
        return [
            request(
                "POST",
                f"/api/v1/posts/{self.threads[n % len(self.threads)]}/replies",
                self.port,
                cookie=people[n % len(people)].cookie,
                body=orjson.dumps({"body": f"{BODY} ({n})"}),
                headers={"Idempotency-Key": str(uuid.uuid4())},
            )
            for n in range(count)
        ]

    async def cost(self, requests: list[bytes], **options: object) -> Cost:
        return await cost(
            self.port,
            requests,
            server=self.server,
            database=self.database,
            **options,  # type: ignore[arg-type]
        )


async def hello(port: int, pid: int, count: int) -> float:
    """CPU milliseconds of one raw Starlette hello."""
    ready = [request("GET", "/", port)] * count
    return (await cost(port, ready, server=pid, database=None)).server_ms


#: Measures hello again; asked beside every figure, for the machine's speed drifts.
Base = Callable[[], Awaitable[float]]


async def measure(bench: Bench, base: Base, results: Results, count: int) -> None:
    """Wall, thread, reply and the dearest of the other reads."""
    for name, requests in (
        ("wall", bench.wall(count)),
        ("thread", bench.thread(count)),
        ("reply", bench.replies(count)),
    ):
        results.cost(name, await bench.cost(requests), await base())
    await _counted(bench, base, results)
    await _filtered(bench, results, count)
    await _others(bench, base, results, max(200, count // 3))


async def _counted(bench: Bench, base: Base, results: Results) -> None:
    """Replies of who has written so many that the database counts them."""
    few = bench.people[:4]
    free = writing_limits.REPLIES.limit // FREE_PART * len(few)
    found = await bench.cost(bench.replies(free + 400, by=few), warm_up=free)
    results.cost("reply_counted", found, await base())


async def _filtered(bench: Bench, results: Results, count: int) -> None:
    """The wall of someone who has blocked 500 people, against the plain one, in turns."""
    rounds = 4
    plain, filtered = bench.people[0], bench.people[1]
    community.block(bench.url, filtered.member_id)
    totals = [0.0, 0.0]
    for _ in range(rounds):
        for at, person in enumerate((plain, filtered)):
            asked = request("GET", "/api/v1/wall", bench.port, cookie=person.cookie)
            totals[at] += (await bench.cost([asked] * (60 + count // rounds))).total_ms / rounds
    community.unblock(bench.url)
    results.put("wall_filtered", totals[1], "ms CPU a request", baseline=totals[0])


async def _others(bench: Bench, base: Base, results: Results, count: int) -> None:
    me = "/api/v1/me"
    member = bench.people[0].member_id
    paths: dict[str, Callable[[int], str]] = {
        "me": lambda _: me,
        "sessions": lambda _: "/api/v1/sessions",
        "activity": lambda n: f"{me}/activity?kind={('posts', 'replies', 'reactions')[n % 3]}",
        "notifications": lambda _: f"{me}/notifications",
        "member": lambda _: f"/api/v1/members/{member}",
        "post": lambda n: f"/api/v1/posts/{bench.threads[n % len(bench.threads)]}",
        "unanswered": lambda _: "/api/v1/wall?unanswered=true",
        "intent": lambda _: "/api/v1/wall?intent=saying_hello",
        "search": lambda n: f"/api/v1/search?q={quote(('heron', 'bus stop', 'pharmacist')[n % 3])}",
        "studies": lambda _: "/api/v1/studies",
        "my_data": lambda _: f"{me}/data",
    }
    dearest: tuple[str, Cost] | None = None
    for name, path in paths.items():
        found = await bench.cost(bench.gets(count, path))
        results.detail(f"get_{name}", found)
        if dearest is None or found.total_ms > dearest[1].total_ms:
            dearest = name, found
    if dearest is not None:
        results.cost("get_other", dearest[1], await base(), note=f"dearest: {dearest[0]}")


async def writers(bench: Bench, results: Results, *, at_once: int = 200) -> None:
    """200 members write at once: every reply is answered 201 and stands there afterwards."""
    waits: list[float] = []

    async def write(ready: bytes) -> Answer:
        connection = Connection(bench.port)
        started = time.perf_counter()
        answer = await connection.send(ready)
        waits.append(time.perf_counter() - started)
        await connection.close()
        return answer

    answers = await asyncio.gather(*(write(ready) for ready in bench.replies(at_once)))
    refused = [answer for answer in answers if answer.status != 201]
    if refused:
        raise RuntimeError(f"{len(refused)} of {at_once} writes failed: {refused[0].body[:200]!r}")
    ids = [orjson.loads(answer.body)["id"] for answer in answers]
    if community.count_posts(bench.url, ids) != at_once:
        raise RuntimeError("an acknowledged write is not there")
    waits.sort()
    results.plain(
        "writers_200_p99_to_p50", waits[int(at_once * 0.99) - 1] / waits[at_once // 2], "ratio"
    )


async def growth(small: Bench, large: Bench, results: Results, count: int) -> None:
    """Wall, thread and reply at many posts against few, in turns so that drift hits both."""
    rounds = 4
    for name in ("wall", "thread", "replies"):
        totals = [0.0, 0.0]
        for _ in range(rounds):
            for at, bench in enumerate((small, large)):
                requests: list[bytes] = getattr(bench, name)(60 + count // rounds)
                totals[at] += (await bench.cost(requests)).total_ms / rounds
        results.put(
            f"growth_{'reply' if name == 'replies' else name}",
            totals[1],
            "ms CPU a request",
            baseline=totals[0],
        )


async def signin(bench: Bench, results: Results, email: str, password: str, count: int) -> None:
    """CPU of a sign-in past what Argon2id itself costs, the middle of many turns: the hash is
    nine parts in ten, and drifts by more than the rest is worth."""
    body = orjson.dumps({"email": email, "password": password})
    requests = [request("POST", "/api/v1/session", bench.port, body=body)] * count
    turns: list[tuple[float, float, float]] = []
    for _ in range(9):
        argon_ms = await argon2_ms(password, count)
        total_ms = (await bench.cost(requests, warm_up=3)).total_ms
        turns.append((total_ms - argon_ms, total_ms, argon_ms))
    past_ms, total_ms, argon_ms = sorted(turns)[len(turns) // 2]
    results.put(
        "signin",
        past_ms,
        "ms CPU past Argon2",
        baseline=argon_ms,
        ratio=total_ms / argon_ms,
        note=f"{total_ms:.1f} ms in all; turns from {min(turns)[0]:.1f} to {max(turns)[0]:.1f}",
    )


async def argon2_ms(password: str, rounds: int) -> float:
    """CPU milliseconds of one hash as sign-in makes it, all threads counted."""
    started = time.process_time()
    for _ in range(rounds):
        await passwords.hash_(password)
    return (time.process_time() - started) * 1000 / rounds
