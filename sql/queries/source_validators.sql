-- One row: what the last stored look of the source left for a conditional request.
select etag, last_modified, digest from sources where source = $source
