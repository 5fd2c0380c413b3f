"""The words of planning as frozen values: what is known of a customer, what happened, what follows from it.

They are kept, so they are the records': customers and events in `records.people`, obligations and worksheets
in `records.planned`.
"""

from __future__ import annotations

from records.people import ClientKind as ClientKind
from records.people import Event as Event
from records.people import EventKind as EventKind
from records.people import Facts as Facts
from records.people import Source as Source
from records.planned import Executor as Executor
from records.planned import Obligation as Obligation
from records.planned import SheetState as SheetState
from records.planned import Worksheet as Worksheet
