import '../support/on-grafana-12';
import './smoke.e2e.test';
