import type { HttpError, InvalidField } from '@flow-tracking/protocol';
import { z } from 'zod';
import { object, text, textOrNull } from './answer-fields';

export const openApiDocument = z.looseObject({ openapi: z.string() });
const invalidField = object<InvalidField>('InvalidField', { field: text, expected: text, got: textOrNull });

export const httpError = z
  .strictObject({
    error: z.strictObject({ code: text, message: text, details: z.array(invalidField).exactOptional() }),
  } satisfies { [K in keyof HttpError]: z.ZodType<HttpError[K]> })
  .meta({ id: 'HttpError', description: 'Decide by code, never by message' });
