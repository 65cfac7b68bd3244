// For a file that runs another file's tests on Grafana 12, to be imported before it; the project `grafana-12` has it for all.
process.env['FLOW_PREVIEW_GRAFANA'] = '12';
