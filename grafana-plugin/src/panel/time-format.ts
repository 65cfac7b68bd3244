import { dateTimeFormat, systemDateFormats, type TimeZone } from '@grafana/data';

/** Date and time to the millisecond, in the dashboard's time zone and Grafana's format. */
export function fullTime(ts: number, timeZone: TimeZone): string {
  return dateTimeFormat(ts, { timeZone, format: systemDateFormats.fullDateMS });
}

/** The same with how far the time zone is from UTC, for what leaves the dashboard. */
export function fullTimeInZone(ts: number, timeZone: TimeZone): string {
  return dateTimeFormat(ts, { timeZone, format: `${systemDateFormats.fullDateMS} [UTC]Z` });
}

/** Time of the day to the millisecond. */
export function clockTimeMs(ts: number, timeZone: TimeZone): string {
  return dateTimeFormat(ts, { timeZone, format: systemDateFormats.interval.millisecond });
}

/** Time of the day to the second. */
export function clockTime(ts: number, timeZone: TimeZone): string {
  return dateTimeFormat(ts, { timeZone, format: systemDateFormats.interval.second });
}
