import { Button, FileButton, Textarea } from '@mantine/core'
import styles from './text-file-field.module.css'

interface TextFileFieldProps {
  label: string
  description: string
  placeholder: string
  /** Of the button that picks a file: `Choose .pub file`. */
  choose: string
  accept: string
  /** Shown as dots: whoever looks over a shoulder learns nothing. */
  isSecret?: boolean
  isFirst?: boolean
  value: string
  onChange: (text: string) => void
}

/** More than such a text has; a file chosen by mistake may be any size. */
const mostBytes = 100_000

/** A short text that most people have as a file: pasted or picked. */
export function TextFileField({
  label,
  description,
  placeholder,
  choose,
  accept,
  isSecret,
  isFirst,
  value,
  onChange,
}: TextFileFieldProps) {
  const read = async (file: File | null) => {
    if (file) onChange((await file.slice(0, mostBytes).text()).trim())
  }
  return (
    <div>
      <Textarea
        label={label}
        description={description}
        placeholder={placeholder}
        autosize
        minRows={3}
        maxRows={6}
        spellCheck={false}
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        classNames={{ input: [styles.text, isSecret && value !== '' && styles.secret].filter(Boolean).join(' ') }}
        {...(isFirst && { 'data-autofocus': true })}
      />
      <FileButton onChange={(file) => void read(file)} accept={accept}>
        {(button) => (
          <Button {...button} variant="default" size="compact-xs" mt={6}>
            {choose}
          </Button>
        )}
      </FileButton>
    </div>
  )
}
