import { ATTRIBUTES } from '@flow-tracking/protocol';
import { fieldsOf, numberOf, textOf } from '../shared/fields';
import type { Operation } from '../shared/operation';

/** `POST /embeddings`, which is never a stream. @see https://platform.openai.com/docs/api-reference/embeddings */
export const embeddings: Operation = {
  request(body) {
    const given = fieldsOf(body);
    const format = textOf(given['encoding_format']);
    return {
      [ATTRIBUTES.operationName]: 'embeddings',
      [ATTRIBUTES.requestModel]: textOf(given['model']),
      [ATTRIBUTES.encodingFormats]: format === undefined ? undefined : [format],
      [ATTRIBUTES.dimensions]: given['dimensions'],
    };
  },
  answer(data) {
    const { model, usage } = fieldsOf(data);
    return {
      attributes: {
        [ATTRIBUTES.responseModel]: textOf(model),
        [ATTRIBUTES.inputTokens]: numberOf(fieldsOf(usage)['prompt_tokens']),
      },
    };
  },
  stream: () => ({ read: () => true, answer: () => ({ attributes: {} }) }),
};
