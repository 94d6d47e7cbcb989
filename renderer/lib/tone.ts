/** How a state looks: fine, under way, wrong, or of no concern. */
export type Tone = 'up' | 'working' | 'bad' | 'quiet'
