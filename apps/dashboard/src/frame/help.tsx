import { Fragment } from 'react';
import { KEY_HELP } from '../keyboard/key-action.js';
import { Dialog } from '../ui/dialog.js';
import { overlay } from './overlay.js';

export default function Help() {
  return (
    <Dialog
      open
      onOpenChange={() => overlay.set(null)}
      title="Keys"
      description="Letter keys can be turned off in the settings."
      width="wide"
    >
      <div className="grid grid-cols-1 sm:grid-cols-2 gap-x-8 gap-y-4">
        {KEY_HELP.map(({ group, keys }) => (
          <section key={group}>
            <h3 className="font-semibold mb-1">{group}</h3>
            <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 items-center">
              {keys.map(({ keys: combination, does }) => (
                <Fragment key={combination.join('+')}>
                  <dt className="flex gap-1 justify-end">
                    {combination.map((key) => (
                      <kbd
                        key={key}
                        className="min-w-5 px-1 rounded-small border border-line-strong bg-panel text-small text-center font-sans"
                      >
                        {key}
                      </kbd>
                    ))}
                  </dt>
                  <dd className="text-ink-soft">{does}</dd>
                </Fragment>
              ))}
            </dl>
          </section>
        ))}
        <section>
          <h3 className="font-semibold mb-1">What the colours mean</h3>
          <p className="text-ink-soft">
            Programs are bold, options blue, what is decided only when it runs is underlined with dots, redirections and
            operators have their own colours. A boxed label stands for a character that would be invisible or could be
            mistaken for another.
          </p>
        </section>
        <section>
          <h3 className="font-semibold mb-1">What is decided here</h3>
          <p className="text-ink-soft">
            Approving lets exactly the text on the screen run, once. Remembering also makes a rule. Nothing runs because
            nobody answered, unless an owner chose so in the settings.
          </p>
        </section>
      </div>
    </Dialog>
  );
}
