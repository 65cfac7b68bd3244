import type { ServiceList, UserList } from '@flow-tracking/protocol';
import { z } from 'zod';
import { object, text, ts, whole } from '../../http/answer-fields';

export const userList = object<UserList>('UserList', {
  users: z.array(z.strictObject({ user_id: text, last_flow_ts: ts, flow_count: whole })),
  has_more: z.boolean(),
});

export const serviceList = object<ServiceList>('ServiceList', {
  services: z.array(z.strictObject({ service: text, last_flow_ts: ts })),
  has_more: z.boolean(),
});
