import { tellCoreStory } from '../core-story.ts'
import { openStory } from '../story.ts'

tellCoreStory(openStory('11.10.0', import.meta.filename), 'storefront')
