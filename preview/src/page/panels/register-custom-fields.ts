import { identityOverrideProcessor, type FieldConfigEditorBuilder } from '@grafana/data';

/**
 * Registers a panel's own field options, so that a dashboard's `fieldConfig.….custom` reaches its fields. There is no
 * panel editor here, hence no editors.
 */
export function registerCustomFields<T>(builder: FieldConfigEditorBuilder<T>, defaults: Record<string, unknown>): void {
  for (const [path, defaultValue] of Object.entries(defaults)) {
    builder.addCustomEditor({
      id: path,
      path,
      name: path,
      editor: () => null,
      override: () => null,
      process: identityOverrideProcessor,
      shouldApply: () => true,
      ...(defaultValue !== undefined && { defaultValue }),
    });
  }
}
