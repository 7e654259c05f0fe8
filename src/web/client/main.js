// @ts-check
import { h, render } from 'preact';

const root = document.getElementById('workspace');
if (root !== null) render(h('p', null, 'Slipway'), root);
