/** The passwords and words that are tried first, most common first. The meter is told of them; it brings no list itself. */
export const commonWords: readonly string[] = (
  'password 123456 12345678 qwerty abc123 letmein welcome admin iloveyou monkey dragon football baseball master ' +
  'sunshine princess shadow superman batman trustno1 hello freedom whatever qazwsx starwars login passw0rd secret ' +
  'qwertyuiop asdfghjkl zxcvbnm asdfgh zxcvbn qwertz azerty 1q2w3e4r 1qaz2wsx michael jordan jennifer thomas daniel ' +
  'andrew joshua matthew robert charlie george jessica michelle ashley nicole hannah maggie ginger summer winter ' +
  'spring autumn monday friday january august october december cookie cheese chocolate banana orange pepper computer ' +
  'internet samsung google microsoft office outlook windows backup restore holdfast restic passphrase default changeme ' +
  'test guest root user access flower lovely family mother father soccer hockey killer ranger buster hunter tigger ' +
  'pokemon matrix mercedes ferrari corvette mustang yankees dallas london berlin america chelsea liverpool arsenal ' +
  'the and you that this with have from they would there what about which when make like time just know people year ' +
  'good some could them other than then look only come over think also back after work first well even want because ' +
  'love life money home house car dog cat money happy angel baby star blue red green black white silver gold'
).split(' ')
