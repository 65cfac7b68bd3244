import { locationService } from '@grafana/runtime';
import { DATASOURCE_PARAM } from '../../constants';

/** Uid of the datasource that the address of the page names; null when it leaves that to the page. */
export const chosenDatasource = (): string | null => locationService.getSearch().get(DATASOURCE_PARAM);
