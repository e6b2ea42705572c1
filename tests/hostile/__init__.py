"""Bad input, from people who are clumsy and from people who mean harm: every case has an answer."""
