import { Component, signal } from '@angular/core'
import { OwnRoom } from './own-room'
import { Room } from './room'

@Component({
  selector: 'chat-app',
  imports: [OwnRoom, Room],
  template: `
    <main>
      @for (name of ['shared', 'own', 'none']; track name) {
        <button type="button" (click)="shown.set(name)">{{ name }}</button>
      }
      @switch (shown()) {
        @case ('shared') { <chat-room /> }
        @case ('own') { <own-room /> }
      }
    </main>
  `,
})
export class App {
  readonly shown = signal('shared')
}
