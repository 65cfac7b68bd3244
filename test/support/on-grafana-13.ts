// Which of the preview's two sets of libraries the browser tests run on, unless the environment or a file's first import says 12.
process.env['FLOW_PREVIEW_GRAFANA'] ??= '13';
