import { tellCoreStory } from '../core-story.ts'
import { openStory } from '../story.ts'

tellCoreStory(openStory('10.17.0', import.meta.filename), 'counter')
