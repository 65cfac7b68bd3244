export const HELP = `Usage: node dist/server.js

Serves the provisioned dashboards and the built plugin in a small stand-in for Grafana, until Ctrl-C. Everything is set
by the environment; an empty variable counts as unset.

  FLOW_PREVIEW_PORT              port; 0 takes any free one       default: 3000
  FLOW_PREVIEW_HOST              address to listen on             default: 127.0.0.1
  FLOW_PREVIEW_GRAFANA           12 or 13: whose libraries        default: 12
  FLOW_PREVIEW_ROLE              Viewer, Editor or Admin          default: Admin
  FLOW_PREVIEW_PLUGIN_DIR        the built plugin                 default: ../grafana-plugin/dist
  FLOW_PREVIEW_PROVISIONING_DIR  Grafana's provisioning folder    default: ../provisioning
  FLOW_BRIDGE_URL                the bridge                       default: http://127.0.0.1:8090
  FLOW_READ_TOKEN                the bridge's token for reading   default: none
  FLOW_CONTROL_TOKEN             the bridge's token for control   default: none
  GF_DATAPROXY_SEND_USER_HEADER  true: tell the bridge the user   default: false

The two folders are relative to preview/ by default, to the working directory when given.
`;
