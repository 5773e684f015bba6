-- Gaps: one decision writes the row and shortens the interval, and it knows the dates of the entries.

comment on column gaps.entries_per_hour is 'Entries an hour by the dates of those that the later look announced; where they do not tell, fresh ones over the 14 days before; null where there were too few looks.';
comment on column gaps.missed_estimate is 'By the dates: entries_per_hour × hours from the earlier look to the oldest entry of the later one; else entries_per_hour × hours of the gap − entry_count, at least 0.';
