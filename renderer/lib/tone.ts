/** How a state looks: fine, under way, worth a look, wrong, or of no concern. */
export type Tone = 'up' | 'working' | 'warning' | 'bad' | 'quiet'
