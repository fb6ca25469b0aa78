import '@fontsource-variable/inter/wght.css';
import './theme.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { backend } from './lib/backend.ts';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app element');
mount(App, { target, props: { backend } });
