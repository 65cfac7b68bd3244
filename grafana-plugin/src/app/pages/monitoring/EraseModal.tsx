import type { UserErased } from '@flow-tracking/protocol';
import { Alert, Button, Field, Input, Modal } from '@grafana/ui';
import React, { useState } from 'react';
import type { BridgeApi } from '../../../bridge-api';
import { t } from '../../../texts/t';

interface Props {
  api: BridgeApi;
  onClose: () => void;
}

/** Erases all that is known of a user, once the id has been typed twice, byte by byte the same. */
export function EraseModal({ api, onClose }: Props) {
  const [user, setUser] = useState('');
  const [again, setAgain] = useState('');
  const [reason, setReason] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [erased, setErased] = useState<UserErased | null>(null);

  const erase = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      setErased(await api.eraseUser(user, reason.trim() || undefined));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal title={t('app.erase.title')} isOpen onDismiss={onClose}>
      {erased === null ? (
        <>
          <p>{t('app.erase.what')}</p>
          <Field label={t('app.erase.user')}>
            <Input id="flow-erase-user" value={user} onChange={(event) => setUser(event.currentTarget.value)} />
          </Field>
          <Field label={t('app.erase.again')}>
            <Input id="flow-erase-again" value={again} onChange={(event) => setAgain(event.currentTarget.value)} />
          </Field>
          <Field label={t('app.erase.reason')}>
            <Input
              id="flow-erase-reason"
              value={reason}
              maxLength={500}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          </Field>
          {problem !== null && (
            <Alert severity="error" title={t('app.erase.failed')}>
              {problem}
            </Alert>
          )}
        </>
      ) : (
        <p role="status">
          {t('app.erase.done', { flows: erased.flows, checkpoints: erased.checkpoints })}{' '}
          {erased.pending ? t('app.erase.pending') : ''}
        </p>
      )}
      <Modal.ButtonRow>
        <Button variant="secondary" fill="outline" onClick={onClose}>
          {erased === null ? t('app.cancel') : t('app.close')}
        </Button>
        {erased === null && (
          <Button
            variant="destructive"
            disabled={isBusy || user === '' || user !== again}
            icon={isBusy ? 'spinner' : 'trash-alt'}
            onClick={() => void erase()}
          >
            {t('app.erase.erase')}
          </Button>
        )}
      </Modal.ButtonRow>
    </Modal>
  );
}
