"""SQL of limits, shared by the room and the engine's store: locking gates, giving back, letting the next in.

Gates are locked before anything else, as their advisory locks are what everybody meets at first.
"""

from collections.abc import Iterable
from uuid import UUID

CLASS = 0x706F6C69
"""First half of the locks' numbers: "poli"."""
LOCKS = 1024
LOCK = "SELECT pg_advisory_xact_lock($1, n) FROM unnest($2::int[]) AS n"
GATES = """
SELECT DISTINCT gate_id FROM limit_place WHERE run_id = ANY($1::uuid[]) AND state <> 'turn'
UNION
SELECT p.gate_id FROM limit_place p JOIN unnest($2::uuid[], $3::text[]) AS h(run_id, holder)
  ON p.run_id = h.run_id AND p.holder = h.holder
"""
# Turns whose moment has come count on, whatever becomes of their run; the others were never used.
GIVE_BACK = """-- limit: give back
DELETE FROM limit_place p USING (
  SELECT q.gate_id, q.holder FROM limit_place q
  WHERE q.run_id = ANY($1::uuid[]) AND (q.state <> 'turn' OR q.at > now())
  UNION
  SELECT q.gate_id, q.holder FROM limit_place q JOIN unnest($2::uuid[], $3::text[]) AS h(run_id, holder)
    ON q.run_id = h.run_id AND q.holder = h.holder AND q.state <> 'turn'
) AS gone WHERE p.gate_id = gone.gate_id AND p.holder = gone.holder
RETURNING p.gate_id, p.state
"""
# Strictly in order: nobody passes before one who came earlier, even if that one wants more room. The first claim
# number is random: numbers of an earlier stay in the work table must never come again.
NEXT = """-- limit: next in line
WITH line AS MATERIALIZED (
  SELECT w.gate_id, w.holder, w.run_id,
         bool_and(h.held + w.number <= w.at_most) OVER (PARTITION BY w.gate_id ORDER BY w.number) AS passes
  FROM unnest($1::uuid[]) AS g(gate_id)
  CROSS JOIN LATERAL (
    SELECT count(*) AS held FROM limit_place p WHERE p.gate_id = g.gate_id AND p.state = 'held') AS h
  CROSS JOIN LATERAL (
    SELECT f.*, row_number() OVER (ORDER BY f.place) AS number FROM (
      SELECT p.gate_id, p.holder, p.run_id, p.at_most, p.place FROM limit_place p
      JOIN run r ON r.id = p.run_id AND r.status IN ('queued', 'running', 'waiting', 'unknown')
      WHERE p.gate_id = g.gate_id AND p.state = 'waiting' ORDER BY p.place LIMIT 100) AS f) AS w
), passed AS (
  UPDATE limit_place p SET state = 'held' FROM line
  WHERE line.passes AND p.gate_id = line.gate_id AND p.holder = line.holder RETURNING p.run_id, p.holder
), woken AS (
  INSERT INTO run_work (run_id, ready_at, claim, attempts)
  SELECT DISTINCT run_id, now(), 1000 + (random() * 1000000000)::int, 0 FROM passed
  ON CONFLICT (run_id) DO NOTHING
)
SELECT run_id, holder FROM passed
"""


def numbers(gates: Iterable[UUID]) -> list[int]:
    """Which locks these gates have, in the one order in which they are taken."""
    return sorted({gate.int % LOCKS for gate in gates})
