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
  local spans, ids, state, dirty = {}, {}, {}, {}
  for i = 1, count do
    local span = ARGV[at]
    local id, parent = string.sub(span, 1, 16), string.sub(span, 20)
    local fact, ofUser, rootFact = '', '', ''
    at = at + 1
    if string.sub(span, 19, 19) == 'f' then
      fact, ofUser, rootFact = ARGV[at], ARGV[at + 1], ARGV[at + 2]
      at = at + 3
    end
    spans[i] = {id, parent, string.sub(span, 17, 17), string.sub(span, 18, 18) == 'r', fact, ofUser, rootFact}
    ids[#ids + 1] = id
    if parent ~= '' then ids[#ids + 1] = parent end
  end
  local known = redis.call('HMGET', key, unpack(ids))
  for i, id in ipairs(ids) do state[id] = known[i] end
  local function nodeOf(id)
    if not state[id] then
      n = n + 1
      state[id] = tostring(n)
      dirty[id] = true
    end
    return string.match(state[id], '^%d+'), string.match(state[id], '%a.*') or ''
  end
  local digests = {}
  local function factOf(text)
    if text == '' then return -1, false end
    local digest = redis.sha1hex(text)
    local field = 'x' .. digest
    local isNew = false
    if state[field] == nil then state[field] = redis.call('HGET', key, field) end
    if not state[field] then
      if facts >= ${MAX_FACTS} then return -1, false end
      facts, n, isNew = facts + 1, n + 1, true
      state[field] = tostring(n)
      dirty[field] = true
    end
    if string.sub(state[field], -1) == 'w' then return -1, isNew end
    digests[digest] = true
    return tonumber(state[field]), isNew
  end
  local nodes, extra = {}, {}
  for i, span in ipairs(spans) do
    local id, parent, kind, isRemote, fact, ofUser, rootFact = unpack(span)
    local isRoot = parent == '' or (isRemote and not (state[parent] and string.find(state[parent], '%a')))
    local parentNode = -1
    if not isRoot then parentNode = nodeOf(parent) end
    local node, told = nodeOf(id)
    local seq, endSeq = tonumber(node), -1
    if kind == 'p' then
      if told == '' then
        state[id] = node .. 'p'
        dirty[id] = true
      elseif told == 'e' then
        seq = -1
      end
    else
      if told == '' then
        state[id] = node .. 'e'
        dirty[id] = true
      elseif told == 'p' then
        n = n + 1
        seq = n
        state[id] = node .. 'p' .. n
        dirty[id] = true
      elseif told ~= 'e' then
        seq = tonumber(string.sub(told, 2))
      end
      if isRoot and not ended then
        n = n + 1
        ended = id .. n
        redis.call('HSET', key, 'r', ended)
      end
      if isRoot and string.sub(ended, 1, 16) == id then endSeq = tonumber(string.sub(ended, 17)) end
    end
    local factSeq, isNew = factOf(fact)
    if isNew and ofUser ~= '' then user = ofUser end
    local rootSeq = isRoot and factOf(rootFact) or -1
    node = tonumber(node)
    nodes[2 * i - 1], nodes[2 * i] = node, tonumber(parentNode)
    if seq ~= node or endSeq ~= -1 or factSeq ~= -1 or rootSeq ~= -1 then
      for _, number in ipairs({i - 1, seq, endSeq, factSeq, rootSeq}) do extra[#extra + 1] = number end
    end
  end
  local fields = {'f', flow, 'n', n, 'c', facts}
  if user then
    fields[#fields + 1] = 'u'
    fields[#fields + 1] = user
  end
  for id in pairs(dirty) do
    fields[#fields + 1] = id
    fields[#fields + 1] = state[id]
  end
  for i = 1, #fields, 1000 do redis.call('HSET', key, unpack(fields, i, math.min(i + 999, #fields))) end
  redis.call('EXPIRE', key, ttl)
  local told = {}
  for digest in pairs(digests) do told[#told + 1] = digest end
  return {flow, start, user or '', told, nodes, extra}
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
