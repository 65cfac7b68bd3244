import { EVENTS_FIELD } from '@flow-tracking/protocol';

/** An entry beyond this is no middleware's: only its beginning is read, so that it can't take the bridge's memory. */
export const MAX_ENTRY_BYTES = 32 * 1024 * 1024;
/** How much is read of such an entry. */
const CUT_BYTES = 64 * 1024;

/** Adds an entry, as a command replies it, to `entries`. */
const COLLECT = `
local entries, bytes = {}, 0
local function collect(entry)
  local text = false
  local fields = entry[2] or {}
  for i = 1, #fields, 2 do
    if fields[i] == '${EVENTS_FIELD}' then text = fields[i + 1] break end
  end
  local size = text and #text or 0
  if size > ${MAX_ENTRY_BYTES} then text = string.sub(text, 1, ${CUT_BYTES}) end
  entries[#entries + 1] = {entry[1], text, size}
  bytes = bytes + size
end`;

/** Entries that a step of a read takes, once it is known that they are small. */
const STEP_ENTRIES = 8;

/**
 * Reads in small steps until one of the limits is reached, since COUNT knows no bytes. KEYS: stream. ARGV: group,
 * consumer, '>' or '0', entries, bytes.
 */
export const READ = `${COLLECT}
local from, count, limit = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
while #entries < count and bytes < limit do
  local mean = #entries == 0 and limit or math.max(1, bytes / #entries)
  local step = math.max(1, math.min(${STEP_ENTRIES}, count - #entries, math.floor((limit - bytes) / mean)))
  local reply = redis.call('XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', step, 'STREAMS', KEYS[1], from)
  local page = reply and reply[1] and reply[1][2] or {}
  for _, entry in ipairs(page) do collect(entry) end
  if #page < step then break end
  if from ~= '>' then from = page[#page][1] end
end
return entries`;

/** KEYS: stream. ARGV: bytes, ids. An entry that is gone has no text. */
export const FETCH = `${COLLECT}
local limit = tonumber(table.remove(ARGV, 1))
for _, id in ipairs(ARGV) do
  if bytes >= limit then break end
  collect(redis.call('XRANGE', KEYS[1], id, id)[1] or {id})
end
return entries`;

/**
 * Settles entries and counts those that were still there; without the count, if Redis refuses that. KEYS: stream, its
 * counts. ARGV: group, ids.
 */
export const SETTLE = `
local group = table.remove(ARGV, 1)
redis.call('XACK', KEYS[1], group, unpack(ARGV))
local deleted = redis.call('XDEL', KEYS[1], unpack(ARGV))
redis.pcall('HINCRBY', KEYS[2], 'settled', deleted)
return deleted`;

/**
 * trimmed = added − present − settled. Told as a difference, so that of several bridges one reports it; a stream that
 * began anew begins to count anew. A Redis that is full refuses to note the difference: then it is told later. The time is
 * told as well, since ids are made by the clock of Redis. KEYS: stream, its counts.
 */
export const MEASURE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if redis.call('EXISTS', KEYS[1]) == 0 then return {0, '', 0, now} end
local entries = redis.call('XLEN', KEYS[1])
local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)
local oldest = first[1] and first[1][1] or ''
local function note(...)
  local reply = redis.pcall('HSET', KEYS[2], ...)
  return type(reply) == 'number'
end
local known = redis.pcall('HMGET', KEYS[2], 'settled', 'trimmed')
if known.err then return {entries, oldest, 0, now} end
local info = redis.call('XINFO', 'STREAM', KEYS[1])
for i = 1, #info, 2 do
  if info[i] == 'entries-added' then
    local gone = info[i + 1] - entries - (known[1] or 0)
    local before = tonumber(known[2] or 0)
    if gone < before then
      note('settled', info[i + 1] - entries, 'trimmed', 0)
      return {entries, oldest, 0, now}
    end
    if gone == before or not note('trimmed', gone) then return {entries, oldest, 0, now} end
    return {entries, oldest, gone - before, now}
  end
end
return {entries, oldest, 0, now}`;
