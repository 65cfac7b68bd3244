import { useEffect } from 'react';

/** Names the browser's tab after what is on the page. */
export function useDocumentTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} - Flow tracking preview` : 'Flow tracking preview';
  }, [title]);
}
