import type { SettingsSection } from './content';
import { type Html, html } from './html';

/** Names and values, side by side. */
export function renderSettings({ settings }: SettingsSection): Html {
  return html`<dl class="settings">${Object.entries(settings).map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${String(value)}</dd></div>`,
  )}</dl>`;
}
