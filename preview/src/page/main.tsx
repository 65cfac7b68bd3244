import { createRoot } from 'react-dom/client';
import { App } from './chrome/app';
import { setUpGrafana } from './services/setup';

void setUpGrafana().then(() => createRoot(document.getElementById('root')!).render(<App />));
