-- One row per reject of an exchange that ends otherwise.
delete from rejects where fetch_id in (select fetch_id from moved)
