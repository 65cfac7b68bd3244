/** Values of a span with numbers beside those of its node and of its parent's; see {@link NUMBER_SPANS}. */
export const EXTRA_NUMBERS = 5;

/** A trace that tells more facts of its flow is no trace of one user any more. */
const MAX_FACTS = 16;

/**
 * Gives numbers to spans, each once. A trace's hash, small as long as its fields are, has
 *   f flow id, n the last number given, u the user, c how many facts, r the span that ended the flow and the end's number,
 *   <span id> its node, then `p` and the end's number for one whose begin was told, `e` for one that was told at its end,
 *   x<digest> a fact's number, then `w` once it is written.
 * The start is kept beside it until it is written.
 *
 * KEYS: hash and start of each trace. ARGV: seconds to keep them; then for each trace flow id and start to propose, `1` if it may be
 * new, and how many spans. A span is its id, `p` for pending or `e`, `r` if the parent is remote or `-`, `f` if facts follow or `-`, and its
 * parent's id, all in one; the facts are its own, the user it tells, and that of a root, each or ''. Reply: for each trace flow id, start unless it is
 * written, user, digests of the facts that have numbers, then the number of each span's node and of its parent's, and at last, for each span
 * that has others, its index and the numbers of its event, of the flow's end, of its fact and of its fact as a root; -1 for none. The event
 * of any other span has the number of its node. A trace that is not known and may not be new has an empty flow id, and nothing is done
 * about it.
 */
export const NUMBER_SPANS = `
local ttl, at, traces = ARGV[1], 2, {}
local function numberTrace(key, startKey)
  local proposed, start, mayBeNew, count = ARGV[at], ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3])
  at = at + 4
  local head = redis.call('HMGET', key, 'f', 'n', 'u', 'c', 'r')
  local flow, n, user, facts, ended = head[1], tonumber(head[2] or 0), head[3], tonumber(head[4] or 0), head[5]
  if flow then
    start = redis.call('GET', startKey) or ''
  elseif mayBeNew == '' then
    for _ = 1, count do at = at + (string.sub(ARGV[at], 19, 19) == 'f' and 4 or 1) end
    return {'', '', '', {}, {}, {}}
  else
    flow = proposed
    redis.call('SET', startKey, start, 'EX', ttl)
  end
  -- Of each id: its number, and what was told of it. Those of a new trace have none yet.
  local node, told, dirty = {}, {}, {}
  local isKnown = head[1]
  if isKnown then
    local ids, from = {}, at
    for _ = 1, count do
      local id, hasFacts, parent = string.match(ARGV[from], '^(................)..(.)(.*)$')
      ids[#ids + 1] = id
      if parent ~= '' then ids[#ids + 1] = parent end
      from = from + (hasFacts == 'f' and 4 or 1)
    end
    for i, known in ipairs(redis.call('HMGET', key, unpack(ids))) do
      if known then
        local number, what = string.match(known, '^(%d+)(.*)$')
        node[ids[i]], told[ids[i]] = tonumber(number), what
      end
    end
  end
  local function nodeOf(id)
    local number = node[id]
    if not number then
      n = n + 1
      number = n
      node[id], told[id], dirty[id] = number, '', true
    end
    return number
  end
  local factNumber, isWritten, digests, changed = {}, {}, {}, {}
  local function factOf(text)
    if text == '' then return -1, false end
    local digest = redis.sha1hex(text)
    if not factNumber[digest] then
      local known = isKnown and redis.call('HGET', key, 'x' .. digest)
      if known then
        factNumber[digest], isWritten[digest] = tonumber(string.match(known, '^%d+')), string.sub(known, -1) == 'w'
      else
        if facts >= ${MAX_FACTS} then return -1, false end
        facts, n = facts + 1, n + 1
        factNumber[digest], changed[digest], digests[digest] = n, true, true
        return n, true
      end
    end
    if isWritten[digest] then return -1, false end
    digests[digest] = true
    return factNumber[digest], false
  end
  local nodes, extra, hasEnded = {}, {}, false
  for i = 1, count do
    local id, kind, remote, hasFacts, parent = string.match(ARGV[at], '^(................)(.)(.)(.)(.*)$')
    local fact, ofUser, rootFact = '', '', ''
    at = at + 1
    if hasFacts == 'f' then
      fact, ofUser, rootFact = ARGV[at], ARGV[at + 1], ARGV[at + 2]
      at = at + 3
    end
    local isRoot = parent == '' or (remote == 'r' and (told[parent] or '') == '')
    local parentNode = isRoot and -1 or nodeOf(parent)
    local own = nodeOf(id)
    local before = told[id]
    local seq, endSeq = own, -1
    if kind == 'p' then
      if before == '' then
        told[id], dirty[id] = 'p', true
      elseif before == 'e' then
        seq = -1
      end
    else
      if before == '' then
        told[id], dirty[id] = 'e', true
      elseif before == 'p' then
        n = n + 1
        seq = n
        told[id], dirty[id] = 'p' .. n, true
      elseif before ~= 'e' then
        seq = tonumber(string.sub(before, 2))
      end
      if isRoot and not ended then
        n = n + 1
        ended, hasEnded = id .. n, true
      end
      if isRoot and string.sub(ended, 1, 16) == id then endSeq = tonumber(string.sub(ended, 17)) end
    end
    local factSeq, isNew = factOf(fact)
    if isNew and ofUser ~= '' then user = ofUser end
    local rootSeq = isRoot and factOf(rootFact) or -1
    nodes[2 * i - 1], nodes[2 * i] = own, parentNode
    if seq ~= own or endSeq ~= -1 or factSeq ~= -1 or rootSeq ~= -1 then
      for _, number in ipairs({i - 1, seq, endSeq, factSeq, rootSeq}) do extra[#extra + 1] = number end
    end
  end
  local fields = {'f', flow, 'n', n, 'c', facts}
  if user then
    fields[#fields + 1] = 'u'
    fields[#fields + 1] = user
  end
  if hasEnded then
    fields[#fields + 1] = 'r'
    fields[#fields + 1] = ended
  end
  local length = #fields
  for id in pairs(dirty) do
    fields[length + 1], fields[length + 2] = id, node[id] .. told[id]
    length = length + 2
  end
  for digest in pairs(changed) do
    fields[length + 1], fields[length + 2] = 'x' .. digest, factNumber[digest]
    length = length + 2
  end
  for i = 1, #fields, 1000 do redis.call('HSET', key, unpack(fields, i, math.min(i + 999, #fields))) end
  redis.call('EXPIRE', key, ttl)
  local numbered = {}
  for digest in pairs(digests) do numbered[#numbered + 1] = digest end
  return {flow, start, user or '', numbered, nodes, extra}
end
for k = 1, #KEYS, 2 do traces[#traces + 1] = numberTrace(KEYS[k], KEYS[k + 1]) end
return traces`;

/** Notes that the start of each trace and facts of it are written. KEYS: hash and start of each. ARGV: for each, how many digests, and these. */
export const NOTE_WRITTEN = `
local at = 1
for k = 1, #KEYS, 2 do
  redis.call('DEL', KEYS[k + 1])
  local count = tonumber(ARGV[at])
  for i = at + 1, at + count do
    local number = redis.call('HGET', KEYS[k], 'x' .. ARGV[i])
    if number and string.sub(number, -1) ~= 'w' then redis.call('HSET', KEYS[k], 'x' .. ARGV[i], number .. 'w') end
  end
  at = at + count + 1
end`;

/** Puts back what a trace's hash had, unless there is one. KEYS: hash. ARGV: seconds to keep it, then fields and values. */
export const RECALL_TRACE = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
for i = 2, #ARGV, 1000 do redis.call('HSET', KEYS[1], unpack(ARGV, i, math.min(i + 999, #ARGV))) end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1`;
